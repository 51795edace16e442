import type { ChildProcess, SpawnOptions } from 'node:child_process';

export function endTree(child: ChildProcess, graceMs?: number): Promise<void>;
export function signalTree(child: ChildProcess, signal: NodeJS.Signals): void;
export function run(
	command: string,
	args: readonly string[],
	options?: SpawnOptions & { timeoutMs?: number; onText?: (text: string) => void },
): Promise<{ code: number; text: string; timedOut: boolean }>;
export function endWithUs(): void;
export function freePort(wanted?: number): Promise<number>;
export const npm: string;
