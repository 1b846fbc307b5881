# -*- coding: utf-8 -*-
# vim: ft=sls
# Made by codex-mdm from the policy enterprise. Change the policy and build again.

codex-managed-clean-requirements:
  file.absent:
    - name: 'C:\ProgramData\OpenAI\Codex\requirements.toml'

codex-managed-clean-file-audit.ps1:
  file.absent:
    - name: 'C:\ProgramData\OpenAI\Codex\hooks\audit.ps1'
    - require:
      - file: codex-managed-clean-requirements

codex-managed-clean-file-codex-relay.ps1:
  file.absent:
    - name: 'C:\ProgramData\OpenAI\Codex\hooks\codex-relay.ps1'
    - require:
      - file: codex-managed-clean-requirements

codex-managed-clean-file-config.toml:
  file.absent:
    - name: 'C:\ProgramData\OpenAI\Codex\config.toml'
    - require:
      - file: codex-managed-clean-requirements

codex-managed-clean-relay-token:
  file.absent:
    - name: 'C:\ProgramData\OpenAI\Codex\relay.token'
    - require:
      - file: codex-managed-clean-requirements

codex-managed-clean-hooks-folder:
  file.absent:
    - name: 'C:\ProgramData\OpenAI\Codex\hooks'
    # Only when it is empty: file.absent removes whole trees. The path is a pattern to file.find.
    - unless:
      - fun: file.find
        args: ['C:\ProgramData\OpenAI\Codex\hooks']
        mindepth: 1
        maxdepth: 1
    - require:
      - file: codex-managed-clean-requirements
      - file: codex-managed-clean-file-audit.ps1
      - file: codex-managed-clean-file-codex-relay.ps1
      - file: codex-managed-clean-file-config.toml
      - file: codex-managed-clean-relay-token

codex-managed-clean-folder:
  file.absent:
    - name: 'C:\ProgramData\OpenAI\Codex'
    # Only when it is empty: file.absent removes whole trees. The path is a pattern to file.find.
    - unless:
      - fun: file.find
        args: ['C:\ProgramData\OpenAI\Codex']
        mindepth: 1
        maxdepth: 1
    - require:
      - file: codex-managed-clean-hooks-folder
