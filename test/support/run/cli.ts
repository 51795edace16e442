import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';

export interface Ended {
	/** Undefined when a signal ended it. */
	code: number | undefined;
	out: Buffer;
	err: string;
}

export interface RunOptions {
	cwd?: string;
	env?: Record<string, string>;
	input?: string | Uint8Array;
}

export interface Cli {
	/** The file to run. */
	readonly path: string;
	/** Runs it to its end; a minute is the most. */
	run(args: readonly string[], options?: RunOptions): Promise<Ended>;
	/** Starts it. Standard input stays open. */
	start(args: readonly string[], options?: Omit<RunOptions, 'input'> & Pick<SpawnOptions, 'stdio'>): ChildProcess;
	remove(): void;
}

/** The command line as it is shipped. A run of tests builds it once, for the file that needs it first. */
export async function buildCli(): Promise<Cli> {
	const { TEST_OUTDIR } = process.env;
	const outdir = resolve(TEST_OUTDIR ? join(TEST_OUTDIR, 'cli') : `.cache/cli-${process.pid}`);
	if (!existsSync(outdir)) {
		const own = `${outdir}-of-${process.pid}`;
		await bundle(own);
		// Another file may have been first.
		await rename(own, outdir).catch(() => rm(own, { recursive: true, force: true }));
	}
	return cliIn(outdir, () => (TEST_OUTDIR ? undefined : rmSync(outdir, { recursive: true, force: true })));
}

/** Builds with the options of the package. */
async function bundle(outdir: string): Promise<void> {
	const { targets } = (await import(pathToFileURL('scripts/build.mjs').href)) as { targets: BuildOptions[] };
	const engine = targets.find(({ entryPoints }) => entryPoints && 'cli' in entryPoints);
	if (!engine) throw new Error('The build has no command line.');
	await build({
		...engine,
		entryPoints: { cli: 'src/cli.ts' },
		outdir: join(outdir, 'dist/engine'),
		minify: true,
		sourcemap: false,
	});
}

function cliIn(outdir: string, remove: () => void): Cli {
	const path = join(outdir, 'dist/engine/cli.mjs');
	const start: Cli['start'] = (args, { cwd, env, stdio = 'pipe' } = {}) =>
		spawn(process.execPath, [path, ...args], { cwd, stdio, env: { PATH: process.env.PATH, ...env } });
	return {
		path,
		start,
		async run(args, { input, ...options } = {}) {
			const child = start(args, options);
			const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
			const out: Buffer[] = [];
			let err = '';
			child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
			child.stderr?.on('data', (chunk: Buffer) => {
				err += chunk;
			});
			child.stdin?.on('error', () => {});
			child.stdin?.end(input);
			const [code] = (await once(child, 'close')) as [number | null];
			clearTimeout(timer);
			return { code: code ?? undefined, out: Buffer.concat(out), err };
		},
		remove,
	};
}

/** Objects of output with one on each line. */
export function objects(out: Buffer): Record<string, unknown>[] {
	return out
		.toString()
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as Record<string, unknown>);
}
