# -*- coding: utf-8 -*-
# vim: ft=sls
# Made by codex-mdm from the policy managed-hooks-only. Change the policy and build again.

codex-managed-clean-requirements:
  file.absent:
    - name: 'C:\ProgramData\OpenAI\Codex\requirements.toml'

codex-managed-clean-file-pre_tool_use_policy.py:
  file.absent:
    - name: 'C:\enterprise\hooks\pre_tool_use_policy.py'
    - require:
      - file: codex-managed-clean-requirements

codex-managed-clean-hooks-folder:
  file.absent:
    - name: 'C:\enterprise\hooks'
    # Only when it is empty: file.absent removes whole trees. The path is a pattern to file.find.
    - unless:
      - fun: file.find
        args: ['C:\enterprise\hooks']
        mindepth: 1
        maxdepth: 1
    - require:
      - file: codex-managed-clean-requirements
      - file: codex-managed-clean-file-pre_tool_use_policy.py

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
