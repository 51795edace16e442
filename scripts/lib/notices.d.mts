interface Metafile {
	outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
}
export function bundledPackages(metafiles: readonly Metafile[]): string[];
export function noticesOf(folders: readonly string[]): Promise<string>;
