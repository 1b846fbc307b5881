# -*- coding: utf-8 -*-
# vim: ft=sls
{%- if grains['kernel'] in ['Linux'] %}
include:
  - codex_managed.unix
{%- else %}
codex-managed-not-covered:
  test.fail_without_changes:
    - comment: The policy ci-fleet is not for this system.
{%- endif %}
