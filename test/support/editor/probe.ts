import { eventually } from '../run/eventually';

/** A test's ear in the extension host: see extension/extension.js. */
export interface Probe {
	command(id: string, ...args: unknown[]): Promise<unknown>;
	/** Shows a file in a text editor that has the focus. */
	open(path: string): Promise<void>;
	/** Opens a file as a click in the explorer does: in its own editor, where it has one. */
	show(path: string): Promise<void>;
	measure(): Promise<void>;
	measured(): Promise<{ p50: number; p99: number; max: number }>;
	roundTrips(count: number): Promise<number[]>;
	extension(id: string): Promise<{ active: boolean; version: string } | null>;
	/** Milliseconds of the whole, of loading the code and of `activate`; null where it is active already. */
	activate(id: string): Promise<{ total: number; load: number; call: number } | null>;
	commands(): Promise<string[]>;
	/** What hovers, completions and links show at a place, as one text. */
	look(path: string, line: number, character: number): Promise<string>;
	/** The whole document of the text editor that has the focus; the page draws its visible lines only. */
	text(): Promise<string>;
	diagnostics(): Promise<{ path: string; message: string; line: number }[]>;
}

/** `closed`: nobody waits for an answer of an editor that has gone. */
export function createProbe(port: number, closed: AbortSignal): Probe {
	const ask = async (operation: string, ...args: unknown[]) => {
		// It listens as soon as the host has started.
		const body = JSON.stringify({ operation, args });
		const response = await eventually('the probe', () =>
			closed.aborted ? undefined : fetch(`http://127.0.0.1:${port}`, { method: 'POST', body, signal: closed }),
		);
		if (!response) throw new Error('The editor has closed.');
		const answer = (await response.json()) as { result?: unknown; error?: string };
		if (answer.error !== undefined) throw new Error(answer.error);
		return answer.result;
	};
	return {
		command: (id, ...args) => ask('command', id, ...args),
		open: async (path) => void (await ask('open', path)),
		show: async (path) => void (await ask('show', path)),
		measure: async () => void (await ask('measure')),
		measured: () => ask('measured') as ReturnType<Probe['measured']>,
		roundTrips: (count) => ask('roundTrips', count) as Promise<number[]>,
		extension: (id) => ask('extension', id) as ReturnType<Probe['extension']>,
		activate: (id) => ask('activate', id) as ReturnType<Probe['activate']>,
		commands: () => ask('commands') as Promise<string[]>,
		look: (path, line, character) => ask('look', path, line, character) as Promise<string>,
		text: () => ask('text') as Promise<string>,
		diagnostics: () => ask('diagnostics') as ReturnType<Probe['diagnostics']>,
	};
}
