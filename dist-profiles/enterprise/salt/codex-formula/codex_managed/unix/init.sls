# -*- coding: utf-8 -*-
# vim: ft=sls
# Made by codex-mdm from the policy enterprise. Change the policy and build again.
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
    - name: '/etc/codex/hooks'
    - user: root
    - group: {{ group }}
    - dir_mode: '0755'
    - makedirs: true
    - allow_symlink: false
    - require:
      - file: codex-managed-folder

codex-managed-file-audit.sh:
  file.managed:
    - name: '/etc/codex/hooks/audit.sh'
    - source: salt://codex_managed/files/audit.sh
    - user: root
    - group: {{ group }}
    - mode: '0755'
    - follow_symlinks: false
    - check_cmd: /bin/sh -c 'test "$({{ digest }} <"$0" | cut -c1-64)" = 8969854b04941ad1a1fbb17c7521fb6e41aa786c2e0a464bbe0dd1d1ac563b1e'
    - require:
      - file: codex-managed-hooks-folder

codex-managed-file-codex-relay:
  file.managed:
    - name: '/etc/codex/hooks/codex-relay'
    - source: salt://codex_managed/files/codex-relay
    - user: root
    - group: {{ group }}
    - mode: '0755'
    - follow_symlinks: false
    - check_cmd: /bin/sh -c 'test "$({{ digest }} <"$0" | cut -c1-64)" = 2c4b76e7983257750fce2909104ca1e4603f81cadf43e61e56994a91695c1b3c'
    - require:
      - file: codex-managed-hooks-folder

codex-managed-file-config.toml:
  file.managed:
    - name: '/etc/codex/config.toml'
    - source: salt://codex_managed/files/config.toml
    - user: root
    - group: {{ group }}
    - mode: '0644'
    - follow_symlinks: false
    - check_cmd: /bin/sh -c 'test "$({{ digest }} <"$0" | cut -c1-64)" = 14c94e959de2196a10dd0460dcb9dbd3c71bb9d7862d1a0eaed31dc583d31b1f'
    - require:
      - file: codex-managed-folder
{%- if salt['pillar.get']('codex_managed:relay_token') %}

codex-managed-relay-token:
  file.managed:
    - name: '/etc/codex/relay.token'
    - contents_pillar: codex_managed:relay_token
    - user: root
    - group: {{ group }}
    - mode: '0644'
    - dir_mode: '0755'
    - makedirs: true
    - follow_symlinks: false
    - show_changes: false
    - require:
      - file: codex-managed-hooks-folder
{%- else %}

# The pillar holds no token: another channel must have delivered it.
codex-managed-relay-token:
  file.exists:
    - name: '/etc/codex/relay.token'
{%- endif %}
{%- if channel == 'file' %}

codex-managed-requirements:
  file.managed:
    - name: '/etc/codex/requirements.toml'
    - source: salt://codex_managed/files/requirements.toml
    - user: root
    - group: {{ group }}
    - mode: '0644'
    - follow_symlinks: false
    - check_cmd: /bin/sh -c 'test "$({{ digest }} <"$0" | cut -c1-64)" = d664da790a6ec809dcb9aa7b5e8391867681d221da7996460c68883db0e36d50'
    - require:
      - file: codex-managed-hooks-folder
      - file: codex-managed-file-audit.sh
      - file: codex-managed-file-codex-relay
      - file: codex-managed-file-config.toml
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
