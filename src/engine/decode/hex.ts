import type { HexWidth } from '../../model/contracts/message';

/**
 * Lines with an offset, `perLine` bytes (16, 8 or 4), and the same bytes in ASCII. They are 76, 41 or 25 characters long:
 * the narrow ones have an offset of six digits, enough for 16 MB.
 */
export function hexDump(bytes: Buffer, perLine: HexWidth = 16): string {
	const lines: string[] = [];
	const digits = perLine === 16 ? 8 : 6;
	for (let at = 0; at < bytes.length; at += perLine) {
		const row = bytes.subarray(at, at + perLine);
		const hex = row
			.toString('hex')
			.replace(/../g, '$& ')
			.padEnd(perLine * 3);
		const ascii = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
		const halves = perLine === 16 ? `${hex.slice(0, 24)} ${hex.slice(24)}` : hex;
		lines.push(`${at.toString(16).padStart(digits, '0')}  ${halves} ${ascii}`);
	}
	return lines.join('\n');
}

/** Base64 in lines of 76 characters (RFC 2045, section 6.8). */
export function base64Lines(bytes: Buffer): string {
	return bytes.toString('base64').replace(/.{76}(?=.)/g, '$&\n');
}
