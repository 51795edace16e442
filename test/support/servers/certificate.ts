import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
	key: string;
	cert: string;
	/** Path of the certificate, which is its own authority. */
	file: string;
}

let made: Certificate | undefined;

/** A certificate for 127.0.0.1 and localhost that signed itself; made once in a process. */
export function certificate(): Certificate {
	if (made) return made;
	const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	const [keyFile, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
	execFileSync(
		'openssl',
		[
			...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
			...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
			...['-keyout', keyFile, '-out', file],
		],
		{ stdio: 'ignore' },
	);
	made = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(file, 'utf8'), file };
	return made;
}
