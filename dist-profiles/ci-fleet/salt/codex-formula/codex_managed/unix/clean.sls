# -*- coding: utf-8 -*-
# vim: ft=sls
# Made by codex-mdm from the policy ci-fleet. Change the policy and build again.

codex-managed-clean-requirements:
  file.absent:
    - name: '/etc/codex/requirements.toml'

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
      - file: codex-managed-clean-requirements
