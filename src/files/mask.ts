import { redact } from '../model/redact';

/**
 * A text for an output, without the values that must not be shown. Values of three characters or fewer are masked
 * only where they stand alone: everywhere else they would blank out ordinary words.
 */
export function mask(text: string, hidden: Iterable<string>): string {
	let clean = text;
	const values = [...hidden].filter((value) => value !== '').sort((a, b) => b.length - a.length);
	for (const value of values) {
		if (value.length > 3) clean = clean.split(value).join('•••');
		else {
			const escaped = value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
			clean = clean.replace(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu'), '•••');
		}
	}
	return redact(clean, values);
}
