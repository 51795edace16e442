import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pair {
	/** Paths. */
	cert: string;
	key: string;
}

/** A certificate authority and what tests need of it, in a folder that goes away with the process. */
export interface Pki {
	folder: string;
	/** Path of the authority's certificate. */
	ca: string;
	/** For localhost and 127.0.0.1. */
	server: Pair;
	/** For another.example only. */
	otherHost: Pair;
	expired: Pair;
	/** For localhost and 127.0.0.1, signed by itself. */
	selfSigned: Pair;
	/** Named alice. */
	client: Pair;
	/** The owner of the XMPP address alice@localhost (RFC 6120, section 13.7.1.4). */
	xmppClient: Pair;
	/** The same client; passphrase "secret". */
	encryptedKey: string;
	pfx: string;
	/** Another authority that signed nothing here. */
	otherCa: string;
	/** A client that the other authority signed. */
	stranger: Pair;
	/** One more certificate: of an authority of the folder, by the name of its files, with the lines of an extension file. */
	sign(name: string, subject: string, extensions: string, by?: string, days?: string[]): Pair;
	/** What `openssl` prints of a certificate's SHA-256. */
	fingerprint(cert: string): string;
	read(path: string): Buffer;
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const local = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
let made: Pki | undefined;

/** Made once in a process, in about a second. */
export function pki(): Pki {
	if (made) return made;
	const folder = mkdtempSync(join(tmpdir(), 'pki-'));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	const path = (name: string) => join(folder, name);
	const openssl = (...args: string[]) =>
		execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
	const authority = (name: string) =>
		openssl(
			...[
				'req',
				'-x509',
				...curve,
				'-days',
				'30',
				'-subj',
				`/CN=${name}`,
				'-keyout',
				`${name}.key`,
				'-out',
				`${name}.crt`,
			],
			...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
		);
	const signed = (name: string, subject: string, extensions: string, by = 'ca', days = ['-days', '30']): Pair => {
		openssl('req', ...curve, '-subj', `/CN=${subject}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
		writeFileSync(path(`${name}.ext`), extensions);
		openssl(
			...['x509', '-req', '-in', `${name}.csr`, '-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial'],
			...[...days, '-extfile', `${name}.ext`, '-out', `${name}.crt`],
		);
		return { cert: path(`${name}.crt`), key: path(`${name}.key`) };
	};
	authority('ca');
	authority('other-ca');
	const client = signed('client', 'alice', 'extendedKeyUsage=clientAuth');
	openssl('pkcs8', '-topk8', '-in', 'client.key', '-passout', 'pass:secret', '-out', 'client.enc.key');
	openssl(
		...[
			'pkcs12',
			'-export',
			'-in',
			'client.crt',
			'-inkey',
			'client.key',
			'-passout',
			'pass:secret',
			'-out',
			'client.p12',
		],
	);
	openssl(
		...['req', '-x509', ...curve, '-days', '30', '-subj', '/CN=localhost', '-addext', local],
		...['-keyout', 'self.key', '-out', 'self.crt'],
	);
	made = {
		folder,
		ca: path('ca.crt'),
		server: signed('server', 'localhost', local),
		otherHost: signed('other-host', 'another.example', 'subjectAltName=DNS:another.example'),
		expired: signed('expired', 'localhost', local, 'ca', ['-days', '-1']),
		selfSigned: { cert: path('self.crt'), key: path('self.key') },
		client,
		xmppClient: signed(
			'xmpp-client',
			'Alice',
			'extendedKeyUsage=clientAuth\nsubjectAltName=otherName:1.3.6.1.5.5.7.8.5;UTF8:alice@localhost',
		),
		encryptedKey: path('client.enc.key'),
		pfx: path('client.p12'),
		otherCa: path('other-ca.crt'),
		stranger: signed('stranger', 'mallory', 'extendedKeyUsage=clientAuth', 'other-ca'),
		sign: signed,
		fingerprint: (cert) =>
			openssl('x509', '-in', cert, '-noout', '-fingerprint', '-sha256').toString().trim().split('=')[1] ?? '',
		read: (file) => readFileSync(file),
	};
	return made;
}
