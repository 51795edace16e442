import type { ProtocolDescription } from '../../protocols/description';
import { hostOf, isLoopback } from './where';

export interface Candidate {
	name: string;
	url: string;
	production: boolean;
	description: ProtocolDescription;
	target: string;
}

/** What the user must agree to before a connection is measured, as sentences. */
export function concerns({ name, url, production, description, target }: Candidate): string[] {
	const list: string[] = [];
	if (production) list.push(`${name} is marked as production.`);
	if (!isLoopback(url)) list.push(`${name} is a server on ${hostOf(url)}.`);
	for (const { receive, sideEffect } of Object.values(description.comparison?.routes(target) ?? {})) {
		const mode = description.subscription?.modes?.find(({ id }) => id === receive?.mode);
		if (mode?.intrusive) list.push(`${name}: ${mode.sideEffect}`);
		if (sideEffect !== undefined) list.push(`${name}: ${sideEffect}`);
	}
	return [...new Set(list)];
}

/** Why messages cannot be sent to this target and received from it, in a sentence. */
export function targetProblem(description: ProtocolDescription, target: string): string | undefined {
	const { label, words, comparison, verbs, subscription } = description;
	const routes = Object.values(comparison?.routes(target) ?? {});
	if (routes.length === 0) return `${label} cannot be compared.`;
	for (const { send, receive } of routes) {
		const verb = verbs.find(({ id }) => id === send.verb);
		if (verb?.target === 'required' && target === '') return `The ${words.target} is missing.`;
		const wrong =
			(verb?.target === 'none' ? undefined : verb?.checkTarget(target)) ??
			(receive && subscription?.check(receive.target, receive.mode));
		if (wrong) return wrong;
	}
	return undefined;
}

/** Whether messages of the protocol have a target that the user must give. */
export function needsTarget({ comparison, verbs }: ProtocolDescription): boolean {
	const verbsUsed = Object.values(comparison?.routes('') ?? {}).map(({ send }) => send.verb);
	return verbs.some(({ id, target }) => verbsUsed.includes(id) && target === 'required');
}
