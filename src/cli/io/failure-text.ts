import type { Failure } from '../../base/failure';

/** What happened, why, and what to do, on one line. */
export function failureText({ message, evidence, remedy }: Failure): string {
	return [message, evidence && `(${evidence})`, remedy?.text].filter(Boolean).join(' ');
}
