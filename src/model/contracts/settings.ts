import { isRecord } from '../../base/check';
import { maxDepth, requireShallow } from '../../base/nesting';
import { defaultLimits, type Limits } from './session';

export const section = 'messagingWorkbench';
export const connectionsSetting = `${section}.connections`;
export const walkthrough = 'messaging-workbench.messaging-workbench#start';

const megabyte = 1024 * 1024;

/** Bounds of the limits in the settings; the manifest has the same numbers. */
export const limitSettings = {
	'log.maxMegabytes': { min: 1, max: 4096, default: defaultLimits.logBytes / megabyte },
	'log.maxMessages': { min: 1000, max: 50_000_000, default: defaultLimits.logMessages },
	'log.maxTopics': { min: 100, max: 5_000_000, default: defaultLimits.topics },
} as const;

/** A value of another type counts as unset; one out of range is clamped. */
export function limitsFrom(get: (name: string) => unknown): Limits {
	const number = (name: keyof typeof limitSettings) => {
		const { min, max, default: usual } = limitSettings[name];
		const value = get(name);
		if (typeof value !== 'number' || !Number.isFinite(value)) return usual;
		return Math.min(max, Math.max(min, Math.round(value)));
	};
	return {
		logBytes: number('log.maxMegabytes') * megabyte,
		logMessages: number('log.maxMessages'),
		topics: number('log.maxTopics'),
		messageBytes: defaultLimits.messageBytes,
	};
}

/** Returns `wanted`, with a number appended if it is taken. */
export function uniqueName(wanted: string, taken: ReadonlySet<string>, between = ' '): string {
	if (!taken.has(wanted)) return wanted;
	for (let number = 2; ; number++)
		if (!taken.has(`${wanted}${between}${number}`)) return `${wanted}${between}${number}`;
}

/** Derives the id of a new connection from its name, so that it is readable in the settings. */
export function idFor(name: string, taken: ReadonlySet<string>): string {
	const slug = name
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '')
		.slice(0, 40);
	return uniqueName(slug || 'connection', taken, '-');
}

/** Content of an exported file. */
export interface ExportFile {
	messagingWorkbench: 1;
	connections: unknown[];
}

/** The entries of an exported file or of a bare list. Throws a plain sentence. */
export function readExport(value: unknown): Record<string, unknown>[] {
	// Connections are nested in an object and a list.
	requireShallow(value, 'The file', maxDepth + 2);
	const list = isRecord(value) ? (value.connections ?? value[connectionsSetting]) : value;
	if (!Array.isArray(list) || !list.every(isRecord))
		throw new Error('The file does not contain a list of connections.');
	return list;
}
