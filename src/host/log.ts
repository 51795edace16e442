import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import { type Failure, toFailure } from '../base/failure';
import { redact, redactFailure } from '../model/redact';
import { visibleEntry } from './ui/visible-text';

/** The output channel, and the one place that knows which secrets are in use and must not leave. */
export interface Log extends Disposable {
	/** From now on this text is taken out of everything that is shown or written. */
	hide(secret: string): void;
	redact(text: string): string;
	/** Any thrown thing as a Failure that may be shown. */
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
	const clean = (text: string) => redact(text, secrets);
	const entry = (text: string) => visibleEntry(clean(text));
	return {
		hide: (secret) => void secrets.add(secret),
		redact: clean,
		failure: (error) => redactFailure(toFailure(error), secrets),
		clean: (failure) => redactFailure(failure, secrets),
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
