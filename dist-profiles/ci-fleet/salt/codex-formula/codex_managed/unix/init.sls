# -*- coding: utf-8 -*-
# vim: ft=sls
# Made by codex-mdm from the policy ci-fleet. Change the policy and build again.
{%- set group = 'root' %}
{%- set digest = 'sha256sum' %}

codex-managed-folder:
  file.directory:
    - name: '/etc/codex'
    - user: root
    - group: {{ group }}
    - dir_mode: '0755'
    - makedirs: true
    - allow_symlink: false

codex-managed-requirements:
  file.managed:
    - name: '/etc/codex/requirements.toml'
    - source: salt://codex_managed/files/requirements.toml
    - user: root
    - group: {{ group }}
    - mode: '0644'
    - follow_symlinks: false
    - check_cmd: /bin/sh -c 'test "$({{ digest }} <"$0" | cut -c1-64)" = 2886d5c0715708965263f31a0ec52e9b5535c9a2b0b02b59e0f14add449782c6'
    - require:
      - file: codex-managed-folder
