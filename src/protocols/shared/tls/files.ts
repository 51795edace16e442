import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import { FailureError, fail } from '../../../base/failure';
import { isErrno } from '../dial/socket-failures';
import { type ClientCertificate, certificatesIn, clientChain, commonName, shownAs } from './client-certificate';
import type { TlsSettings } from './settings';

/** Newer versions of Node read the trust store of the operating system; older ones only have a built-in list. */
const machine = tls as { getCACertificates?: (kind: 'default' | 'system') => string[] };

export interface TlsFiles {
	context: tls.SecureContext;
	/** Names of the certificates in the authorities file; undefined: no file is set. */
	authorities?: string[];
	client?: ClientCertificate;
}

/** Reads the files of the settings. Throws a FailureError that names the unusable file, never its content. */
export async function readTlsFiles(settings: TlsSettings): Promise<TlsFiles> {
	const [ca, cert, key, pfx] = await Promise.all([
		read(settings.ca, 'CA certificate'),
		read(settings.cert, 'client certificate'),
		read(settings.key, 'client key'),
		read(settings.pfx, 'PKCS #12 file'),
	]);
	const own = ca ? certificatesIn(ca) : [];
	if (ca && own.length === 0) throw bad('ca', `The CA certificate file ${settings.ca} holds no certificate.`);
	if (cert && !key && !cert.includes('PRIVATE KEY-----'))
		throw bad('key', 'There is a client certificate but no client key.');
	if (key && !cert) throw bad('cert', 'There is a client key but no client certificate.');
	// OpenSSL reads authorities in PEM only.
	const pem = ca && Buffer.from(own.map(String).join(''));
	const names = ca && own.map(({ subject }) => commonName(subject));
	try {
		if (!cert && !pfx) return { context: withoutKey(pem), authorities: names };
		const { passphrase } = settings;
		const chain = cert && clientChain({ cert, key: key ?? cert, passphrase, authorities: own });
		const context = tls.createSecureContext({
			...{ ca: authorities(pem), cert: chain?.pem ?? cert, key: key ?? cert, pfx, passphrase },
		});
		return { context, authorities: names, client: chain?.shown ?? clientOf(context) };
	} catch (error) {
		throw error instanceof FailureError ? error : explain(error, settings);
	}
}

/** Reads a PKCS #12 file, which only OpenSSL can. */
function clientOf({ context }: tls.SecureContext): ClientCertificate | undefined {
	const { getCertificate } = context as { getCertificate?: () => Buffer | null };
	const certificate = getCertificate?.call(context);
	return certificate ? shownAs([new X509Certificate(certificate)]) : undefined;
}

/** The TLS context alone, without the names for failures. */
export async function secureContext(settings: TlsSettings): Promise<tls.SecureContext> {
	return (await readTlsFiles(settings)).context;
}

let last: { ca: string; context: tls.SecureContext } | undefined;

/** Cached, since reading all authorities takes tens of milliseconds and each attempt needs the same ones. */
function withoutKey(own: Buffer | undefined): tls.SecureContext {
	const ca = own ? own.toString('latin1') : '';
	if (last?.ca !== ca) last = { ca, context: tls.createSecureContext({ ca: authorities(own) }) };
	return last.context;
}

/** The authorities that this machine trusts and those of the profile; undefined: Node's default. */
function authorities(own: Buffer | undefined): (string | Buffer)[] | undefined {
	const known = machine.getCACertificates
		? [...new Set([...machine.getCACertificates('default'), ...machine.getCACertificates('system')])]
		: own && [...tls.rootCertificates];
	return known && (own ? [...known, own] : known);
}

async function read(path: string | undefined, what: string): Promise<Buffer | undefined> {
	if (!path) return undefined;
	try {
		return await readFile(path);
	} catch (error) {
		const why = isErrno(error) && error.code === 'ENOENT' ? 'does not exist' : 'cannot be read';
		throw fail('unreadable-file', `The ${what} file ${path} ${why}.`, {
			evidence: isErrno(error) ? error.code : undefined,
			remedy: { text: 'Choose the file again in the connection.' },
			final: true,
		});
	}
}

function bad(what: string, message: string, evidence?: string): FailureError {
	return fail(`bad-${what}`, message, { evidence, final: true });
}

function explain(error: unknown, settings: TlsSettings): FailureError {
	const code = isErrno(error) ? error.code : '';
	const message = error instanceof Error ? error.message : String(error);
	const text = `${code} ${message}`.toLowerCase();
	const evidence = code && !message.includes(code) ? `${code}: ${message}` : message;
	const what = settings.pfx ? 'PKCS #12 file' : 'client key';
	if (/mismatch/.test(text)) return bad('key', 'The client key does not belong to the client certificate.', evidence);
	if (
		/bad.decrypt|mac verify|bad.password|missing_passphrase|passphrase|interrupted or cancelled|problems getting password/.test(
			text,
		)
	)
		return settings.passphrase
			? bad('passphrase', `The passphrase does not open the ${what}.`, evidence)
			: bad('passphrase', `The ${what} is encrypted, and no passphrase was given.`, evidence);
	if (/unsupported/.test(text) && settings.pfx)
		return bad('key', 'The PKCS #12 file is encrypted in an old way that is no longer supported.', evidence);
	return bad('key', 'The client certificate or key could not be understood.', evidence);
}
