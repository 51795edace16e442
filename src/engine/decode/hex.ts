const perLine = 16;

/** Lines with an offset, 16 bytes, and the same bytes in ASCII. */
export function hexDump(bytes: Buffer): string {
	const lines: string[] = [];
	for (let at = 0; at < bytes.length; at += perLine) {
		const row = bytes.subarray(at, at + perLine);
		const hex = row
			.toString('hex')
			.replace(/../g, '$& ')
			.padEnd(perLine * 3);
		const ascii = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
		lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.slice(0, 24)} ${hex.slice(24)} ${ascii}`);
	}
	return lines.join('\n');
}

/** Base64 in lines of 76 characters (RFC 2045, section 6.8). */
export function base64Lines(bytes: Buffer): string {
	return bytes.toString('base64').replace(/.{76}(?=.)/g, '$&\n');
}
