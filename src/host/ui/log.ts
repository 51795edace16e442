import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import { type Failure, toFailure } from '../../base/failure';
import { createRedactor, type Redactor, redactFailure } from '../../model/text/redact';
import { visibleEntry } from './visible-text';

/** The output channel. It also knows the secrets in use and removes them from texts. */
export interface Log extends Disposable {
	/** Removes this text from everything that is shown or logged from now on. */
	hide(secret: string): void;
	/** Names that the user has chosen. A secret is not removed inside one of them. */
	keep(names: Iterable<string>): void;
	redact(text: string): string;
	/** Converts anything thrown to a Failure without secrets. */
	failure(error: unknown): Failure;
	clean(failure: Failure): Failure;
	info(text: string): void;
	warn(text: string): void;
	error(text: string, failure?: Failure): void;
	show(): void;
}

export function createLog(): Log {
	const channel = vscode.window.createOutputChannel('Messaging Workbench', { log: true });
	const secrets = new Set<string>();
	const kept = new Set<string>();
	let redactor: Redactor | undefined;
	const clean = (text: string) => {
		redactor ??= createRedactor(secrets, kept);
		return redactor(text);
	};
	const add = (to: Set<string>, texts: Iterable<string>) => {
		for (const text of texts) to.add(text);
		redactor = undefined;
	};
	const entry = (text: string) => visibleEntry(clean(text));
	return {
		hide: (secret) => add(secrets, [secret]),
		keep: (names) => add(kept, names),
		redact: clean,
		failure: (error) => redactFailure(toFailure(error), clean),
		clean: (failure) => redactFailure(failure, clean),
		info: (text) => channel.info(entry(text)),
		warn: (text) => channel.warn(entry(text)),
		error: (text, failure) =>
			channel.error(
				entry(failure ? `${text}: ${failure.message} [${failure.code}] ${failure.evidence ?? ''}`.trim() : text),
			),
		show: () => channel.show(true),
		dispose: () => channel.dispose(),
	};
}
