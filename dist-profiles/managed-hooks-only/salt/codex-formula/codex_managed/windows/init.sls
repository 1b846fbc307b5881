# -*- coding: utf-8 -*-
# vim: ft=sls
# Made by codex-mdm from the policy managed-hooks-only. Change the policy and build again.

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
    - name: 'C:\enterprise\hooks'
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

codex-managed-file-pre_tool_use_policy.py:
  file.managed:
    - name: 'C:\enterprise\hooks\pre_tool_use_policy.py'
    - source: salt://codex_managed/files/pre_tool_use_policy.py
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
        . {exit [int]((Get-FileHash -LiteralPath ($args -join ' ')).Hash -ne '8abae0e547d8a2ee713a32c53ba8f2db7c5b2599027cbfa906409bf5b0a1eaf7')}
    - require:
      - file: codex-managed-hooks-folder

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
        . {exit [int]((Get-FileHash -LiteralPath ($args -join ' ')).Hash -ne 'f87d4385a3c12b06ffe7fbbc456e5a19fb983836a33a7fa2316ff9b31767f504')}
    - require:
      - file: codex-managed-hooks-folder
      - file: codex-managed-file-pre_tool_use_policy.py
