# -*- coding: utf-8 -*-
# vim: ft=sls
# Made by codex-mdm from the policy enterprise. Change the policy and build again.

codex-managed-clean-requirements:
  file.absent:
    - name: '/etc/codex/requirements.toml'

codex-managed-clean-file-audit.sh:
  file.absent:
    - name: '/etc/codex/hooks/audit.sh'
    - require:
      - file: codex-managed-clean-requirements

codex-managed-clean-file-codex-relay:
  file.absent:
    - name: '/etc/codex/hooks/codex-relay'
    - require:
      - file: codex-managed-clean-requirements

codex-managed-clean-file-config.toml:
  file.absent:
    - name: '/etc/codex/config.toml'
    - require:
      - file: codex-managed-clean-requirements

codex-managed-clean-relay-token:
  file.absent:
    - name: '/etc/codex/relay.token'
    - require:
      - file: codex-managed-clean-requirements

codex-managed-clean-hooks-folder:
  file.absent:
    - name: '/etc/codex/hooks'
    # Only when it is empty: file.absent removes whole trees. The path is a pattern to file.find.
    - unless:
      - fun: file.find
        args: ['/etc/codex/hooks']
        mindepth: 1
        maxdepth: 1
    - require:
      - file: codex-managed-clean-requirements
      - file: codex-managed-clean-file-audit.sh
      - file: codex-managed-clean-file-codex-relay
      - file: codex-managed-clean-file-config.toml
      - file: codex-managed-clean-relay-token

codex-managed-clean-folder:
  file.absent:
    - name: '/etc/codex'
    # Only when it is empty: file.absent removes whole trees. The path is a pattern to file.find.
    - unless:
      - fun: file.find
        args: ['/etc/codex']
        mindepth: 1
        maxdepth: 1
    - require:
      - file: codex-managed-clean-hooks-folder
