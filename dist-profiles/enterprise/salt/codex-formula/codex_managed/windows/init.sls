# -*- coding: utf-8 -*-
# vim: ft=sls
# Made by codex-mdm from the policy enterprise. Change the policy and build again.

codex-managed-vendor-folder:
  file.directory:
    - name: 'C:\ProgramData\OpenAI'
    - win_owner: S-1-5-32-544
    - win_perms:
        S-1-5-18:
          perms: full_control
        S-1-5-32-544:
          perms: full_control
        S-1-5-32-545:
          perms: read_execute
    - win_inheritance: false
    - win_perms_reset: true
    - makedirs: true
    - allow_symlink: false

codex-managed-folder:
  file.directory:
    - name: 'C:\ProgramData\OpenAI\Codex'
    - win_owner: S-1-5-32-544
    - win_perms:
        S-1-5-18:
          perms: full_control
        S-1-5-32-544:
          perms: full_control
        S-1-5-32-545:
          perms: read_execute
    - win_inheritance: false
    - win_perms_reset: true
    - makedirs: true
    - allow_symlink: false
    - require:
      - file: codex-managed-vendor-folder

codex-managed-hooks-folder:
  file.directory:
    - name: 'C:\ProgramData\OpenAI\Codex\hooks'
    - win_owner: S-1-5-32-544
    - win_perms:
        S-1-5-18:
          perms: full_control
        S-1-5-32-544:
          perms: full_control
        S-1-5-32-545:
          perms: read_execute
    - win_inheritance: false
    - win_perms_reset: true
    - makedirs: true
    - allow_symlink: false
    - require:
      - file: codex-managed-folder

codex-managed-file-audit.ps1:
  file.managed:
    - name: 'C:\ProgramData\OpenAI\Codex\hooks\audit.ps1'
    - source: salt://codex_managed/files/audit.ps1
    - win_owner: S-1-5-32-544
    - win_perms:
        S-1-5-18:
          perms: full_control
        S-1-5-32-544:
          perms: full_control
        S-1-5-32-545:
          perms: read_execute
    - win_inheritance: false
    - win_perms_reset: true
    - follow_symlinks: false
    - check_cmd: >-
        powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command
        . {exit [int]((Get-FileHash -LiteralPath ($args -join ' ')).Hash -ne '715bffea2bd2d537bd58ed66a89325150b0d0b3b2a1677b719227598476b02be')}
    - require:
      - file: codex-managed-hooks-folder

codex-managed-file-codex-relay.ps1:
  file.managed:
    - name: 'C:\ProgramData\OpenAI\Codex\hooks\codex-relay.ps1'
    - source: salt://codex_managed/files/codex-relay.ps1
    - win_owner: S-1-5-32-544
    - win_perms:
        S-1-5-18:
          perms: full_control
        S-1-5-32-544:
          perms: full_control
        S-1-5-32-545:
          perms: read_execute
    - win_inheritance: false
    - win_perms_reset: true
    - follow_symlinks: false
    - check_cmd: >-
        powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command
        . {exit [int]((Get-FileHash -LiteralPath ($args -join ' ')).Hash -ne '20aa06d7a002045b6909bb21dc821426a5403d8a4943f09d1b9bd38eecc96a5d')}
    - require:
      - file: codex-managed-hooks-folder

codex-managed-file-config.toml:
  file.managed:
    - name: 'C:\ProgramData\OpenAI\Codex\config.toml'
    - source: salt://codex_managed/files/config.toml
    - win_owner: S-1-5-32-544
    - win_perms:
        S-1-5-18:
          perms: full_control
        S-1-5-32-544:
          perms: full_control
        S-1-5-32-545:
          perms: read_execute
    - win_inheritance: false
    - win_perms_reset: true
    - follow_symlinks: false
    - check_cmd: >-
        powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command
        . {exit [int]((Get-FileHash -LiteralPath ($args -join ' ')).Hash -ne '14c94e959de2196a10dd0460dcb9dbd3c71bb9d7862d1a0eaed31dc583d31b1f')}
    - require:
      - file: codex-managed-folder
{%- if salt['pillar.get']('codex_managed:relay_token') %}

codex-managed-relay-token:
  file.managed:
    - name: 'C:\ProgramData\OpenAI\Codex\relay.token'
    - contents_pillar: codex_managed:relay_token
    - win_owner: S-1-5-32-544
    - win_perms:
        S-1-5-18:
          perms: full_control
        S-1-5-32-544:
          perms: full_control
        S-1-5-32-545:
          perms: read_execute
    - win_inheritance: false
    - win_perms_reset: true
    - makedirs: true
    - follow_symlinks: false
    - show_changes: false
    - require:
      - file: codex-managed-hooks-folder
{%- else %}

# The pillar holds no token: another channel must have delivered it.
codex-managed-relay-token:
  file.exists:
    - name: 'C:\ProgramData\OpenAI\Codex\relay.token'
{%- endif %}

codex-managed-requirements:
  file.managed:
    - name: 'C:\ProgramData\OpenAI\Codex\requirements.toml'
    - source: salt://codex_managed/files/requirements.toml
    - win_owner: S-1-5-32-544
    - win_perms:
        S-1-5-18:
          perms: full_control
        S-1-5-32-544:
          perms: full_control
        S-1-5-32-545:
          perms: read_execute
    - win_inheritance: false
    - win_perms_reset: true
    - follow_symlinks: false
    - check_cmd: >-
        powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command
        . {exit [int]((Get-FileHash -LiteralPath ($args -join ' ')).Hash -ne 'd664da790a6ec809dcb9aa7b5e8391867681d221da7996460c68883db0e36d50')}
    - require:
      - file: codex-managed-hooks-folder
      - file: codex-managed-file-audit.ps1
      - file: codex-managed-file-codex-relay.ps1
      - file: codex-managed-file-config.toml
