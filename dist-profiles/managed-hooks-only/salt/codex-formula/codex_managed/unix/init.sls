# -*- coding: utf-8 -*-
# vim: ft=sls
# Made by codex-mdm from the policy managed-hooks-only. Change the policy and build again.
{%- set group = 'wheel' if grains['kernel'] == 'Darwin' else 'root' %}
{%- set digest = '/usr/bin/shasum -a 256' if grains['kernel'] == 'Darwin' else 'sha256sum' %}
{%- set channel = salt['pillar.get']('codex_managed:requirements_channel', 'mdm') if grains['kernel'] == 'Darwin' else 'file' %}

codex-managed-folder:
  file.directory:
    - name: '/etc/codex'
    - user: root
    - group: {{ group }}
    - dir_mode: '0755'
    - makedirs: true
    - allow_symlink: false

codex-managed-hooks-folder:
  file.directory:
    - name: '/enterprise/hooks'
    - user: root
    - group: {{ group }}
    - dir_mode: '0755'
    - makedirs: true
    - allow_symlink: false
    - require:
      - file: codex-managed-folder

codex-managed-file-pre_tool_use_policy.py:
  file.managed:
    - name: '/enterprise/hooks/pre_tool_use_policy.py'
    - source: salt://codex_managed/files/pre_tool_use_policy.py
    - user: root
    - group: {{ group }}
    - mode: '0755'
    - follow_symlinks: false
    - check_cmd: /bin/sh -c 'test "$({{ digest }} <"$0" | cut -c1-64)" = 8abae0e547d8a2ee713a32c53ba8f2db7c5b2599027cbfa906409bf5b0a1eaf7'
    - require:
      - file: codex-managed-hooks-folder
{%- if channel == 'file' %}

codex-managed-requirements:
  file.managed:
    - name: '/etc/codex/requirements.toml'
    - source: salt://codex_managed/files/requirements.toml
    - user: root
    - group: {{ group }}
    - mode: '0644'
    - follow_symlinks: false
    - check_cmd: /bin/sh -c 'test "$({{ digest }} <"$0" | cut -c1-64)" = f87d4385a3c12b06ffe7fbbc456e5a19fb983836a33a7fa2316ff9b31767f504'
    - require:
      - file: codex-managed-hooks-folder
      - file: codex-managed-file-pre_tool_use_policy.py
{%- elif channel == 'mdm' %}

# The profile carries the requirements. A file beside it would run every hook twice; without the profile it stays.
codex-managed-requirements:
  file.absent:
    - name: '/etc/codex/requirements.toml'
    - onlyif: /usr/bin/defaults read '/Library/Managed Preferences/com.openai.codex' requirements_toml_base64
{%- else %}

codex-managed-requirements:
  test.fail_without_changes:
    - comment: The pillar codex_managed:requirements_channel must be mdm or file.
{%- endif %}
