/** ajv's verdict on the envelope; on false `validate.errors` holds ajv's errors. */
export declare const validate: ((data: unknown) => boolean) & { errors?: unknown };
