export type { FileArtifact } from './artifacts/artifact.ts';
export { type Compilation, type CompileOptions, compile, type PackageData, sourcesOf } from './compile.ts';
export type { Diagnostic, Related, Result, Severity } from './diagnostics/diagnostic.ts';
export { loadPackageData } from './package-data.ts';
export { formatReport } from './report/index.ts';
export type { Format, Report } from './report/report.ts';
export type { SourceFile, SourceLocation } from './source/source-file.ts';
export { type ValidateOptions, type Validation, validate } from './validate.ts';
