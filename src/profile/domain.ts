/** The preference domain that Codex reads on macOS. */
export const preferenceDomain = 'com.openai.codex';

/** Its key for requirements. */
export const requirementsKey = 'requirements_toml_base64';

/** Its key for managed defaults, which act as a managed_config.toml. */
export const configKey = 'config_toml_base64';
