import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { maxIterations, type ScramOptions, scram } from '../../../../src/protocols/xmpp/sign-in/scram';

/** The examples of RFC 5802, section 5, and RFC 7677, section 3. */
const examples: [ScramOptions, { first: string; challenge: string; answer: string; final: string }][] = [
	[
		{ hash: 'sha1', username: 'user', password: 'pencil', binding: 'n', nonce: 'fyko+d2lbbFgONRv9qkxdawL' },
		{
			first: 'n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL',
			challenge: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
			answer: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
			final: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
		},
	],
	[
		{ hash: 'sha256', username: 'user', password: 'pencil', binding: 'n', nonce: 'rOprNGfwEbeRWgbNEkqO' },
		{
			first: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
			challenge: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
			answer:
				'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
			final: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
		},
	],
];
for (const [options, wanted] of examples)
	test(`SCRAM with ${options.hash}: the RFC's example`, async () => {
		const made = scram(options);
		assert.equal(made.first, wanted.first);
		assert.equal(await made.answer(wanted.challenge), wanted.answer);
		made.verify(wanted.final);
	});

const code = async (run: () => Promise<unknown>): Promise<string> => {
	try {
		await run();
	} catch (error) {
		if (error instanceof FailureError) return error.failure.code;
		throw error;
	}
	return 'nothing';
};
const [[options, right]] = examples as [(typeof examples)[0]];

const finals = [
	'',
	'v=',
	'v=AAAA',
	'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
	'e=other-error',
	right.final.replace('v=r', 'v=s'),
];
for (const final of finals)
	test(`a server that does not prove itself is refused: ${final || 'nothing'}`, async () => {
		const made = scram(options);
		await made.answer(right.challenge);
		assert.equal(await code(async () => made.verify(final)), 'server-not-verified');
	});

test('a server that was never answered cannot prove anything', async () => {
	assert.equal(await code(async () => scram(options).verify(right.final)), 'server-not-verified');
});

const challenges = [
	right.challenge.replace('i=4096', `i=${maxIterations + 1}`),
	right.challenge.replace('i=4096', 'i=0'),
	right.challenge.replace('i=4096', 'i=-1'),
	right.challenge.replace('i=4096', 'i=1e9'),
	right.challenge.replace('s=QSXCR+Q6sek8bf92,', ''),
	right.challenge.replace('r=fyko', 'r=xyko'),
	'r=fyko+d2lbbFgONRv9qkxdawL,s=QSXCR+Q6sek8bf92,i=4096',
	`m=new,${right.challenge}`,
	'',
];
for (const challenge of challenges)
	test(`a challenge that cannot be: ${challenge.slice(0, 80) || 'nothing'}`, async () => {
		assert.equal(await code(() => scram(options).answer(challenge)), 'bad-scram');
	});

test('names are escaped and prepared, and what is bound is named', () => {
	const base = { hash: 'sha1', password: '', nonce: 'x' } as const;
	assert.equal(scram({ ...base, username: 'a=b,c', binding: 'y' }).first, 'y,,n=a=3Db=2Cc,r=x');
	assert.equal(scram({ ...base, username: 'I\u00adX', binding: 'n' }).first, 'n,,n=IX,r=x');
	const binding = { type: 'tls-exporter', data: Buffer.from('z') };
	assert.equal(scram({ ...base, username: '\u2168', binding }).first, 'p=tls-exporter,,n=IX,r=x');
});
