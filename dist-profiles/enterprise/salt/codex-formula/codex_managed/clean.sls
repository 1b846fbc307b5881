# -*- coding: utf-8 -*-
# vim: ft=sls
{%- if grains['kernel'] in ['Darwin', 'Linux'] %}
include:
  - codex_managed.unix.clean
{%- elif grains['kernel'] in ['Windows'] %}
include:
  - codex_managed.windows.clean
{%- else %}
codex-managed-not-covered-clean:
  test.fail_without_changes:
    - comment: The policy enterprise is not for this system.
{%- endif %}
