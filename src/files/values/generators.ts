import { FailureError, fail } from '../../base/failure';
import { toBase64 } from '../../model/contracts/payload';
import { parseDuration } from '../../model/text/duration';
import { signatureOutsideHeader } from '../failures';
import { type Builtin, type Device, hex, type Surroundings } from './builtin';

/** Functions that make the messages of simulated devices differ. */

const bad = (message: string) => fail('bad-variable', message);

/** A message outside of a simulation belongs to the only client. */
const onlyDevice: Device = { client: 1, clients: 1, message: 0 };

const number = (text: string | undefined) =>
	text !== undefined && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : Number.NaN;

/** Digits behind the point. */
function digitsOf(text: string | undefined, builtin: string): number {
	const digits = text === undefined ? 2 : number(text);
	if (!Number.isInteger(digits) || digits < 0 || digits > 15)
		throw bad(`${builtin}: the number of digits is a whole number from 0 to 15.`);
	return digits;
}

/** A number from 0 to 1 with 48 random bits. */
function randomShare(random: Surroundings['random']): number {
	return random(6).reduce((sum, byte) => sum * 256 + byte, 0) / 2 ** 48;
}

function client(args: string[], { device = onlyDevice }: Surroundings): string {
	if (args.length > 0) throw bad('$client takes no argument.');
	return String(device.client);
}

function counter([start = '1', step = '1', ...rest]: string[], { device = onlyDevice }: Surroundings): string {
	const value = number(start) + device.message * number(step);
	if (rest.length > 0 || !Number.isSafeInteger(number(start)) || !Number.isSafeInteger(number(step)))
		throw bad('$counter takes two whole numbers: the first value, and the step to the next one.');
	if (!Number.isSafeInteger(value)) throw bad('$counter has reached the largest number that is exact.');
	return String(value);
}

function randomFloat([from, to, digits, ...rest]: string[], { random }: Surroundings): string {
	const [min, max] = [number(from), number(to)];
	if (rest.length > 0 || !(Number.isFinite(min) && Number.isFinite(max) && min <= max))
		throw bad('$randomFloat takes the lowest and the highest number, and the digits behind the point.');
	return (min + randomShare(random) * (max - min)).toFixed(digitsOf(digits, '$randomFloat'));
}

function oneOf(args: string[], { random }: Surroundings): string {
	if (args.length === 0) throw bad('$oneOf takes the values to choose from.');
	return args[Math.min(args.length - 1, Math.floor(randomShare(random) * args.length))] ?? '';
}

/** A sine over time. The phases of the clients are spread evenly over one period. */
function wave([from, to, period, digits, ...rest]: string[], { now, device = onlyDevice }: Surroundings): string {
	const [min, max] = [number(from), number(to)];
	const duration = parseDuration(period ?? '');
	if (rest.length > 0 || !(Number.isFinite(min) && Number.isFinite(max) && min <= max))
		throw bad('$wave takes the lowest and the highest number, and the period, as in "$wave 10 30 60s".');
	if ('problem' in duration) throw bad(`$wave: ${duration.problem}`);
	if (duration.ms === 0) throw bad('$wave: the period is longer than 0.');
	const phase = (now() % duration.ms) / duration.ms + (device.client - 1) / device.clients;
	return ((min + max) / 2 + ((max - min) / 2) * Math.sin(2 * Math.PI * phase)).toFixed(digitsOf(digits, '$wave'));
}

const algorithms = ['sha256', 'sha384', 'sha512', 'sha1'];

/** Signs the body as it is sent (RFC 2104). */
function hmac([algorithm, secretName, notation = 'hex', ...rest]: string[], around: Surroundings): string {
	if (algorithm === undefined || secretName === undefined || rest.length > 0)
		throw bad('$hmac takes an algorithm and the name of a secret, as in "$hmac sha256 deviceKey".');
	if (!algorithms.includes(algorithm)) throw bad(`$hmac: the algorithm is one of ${algorithms.join(', ')}.`);
	if (notation !== 'hex' && notation !== 'base64') throw bad('$hmac: the notation is hex or base64.');
	const key = around.secret(secretName);
	if (key === undefined) throw fail('undefined-variable', `The secret "${secretName}" is not stored on this machine.`);
	const { body } = around;
	if (!body || !around.hmac) throw new FailureError(signatureOutsideHeader);
	const digest = around.hmac(algorithm, key, body);
	return notation === 'hex' ? hex(digest) : toBase64(digest);
}

export const generators: readonly Builtin[] = [
	{
		name: 'client',
		arguments: '',
		help: 'The number of the simulated client, from 1.',
		fresh: true,
		run: client,
	},
	{
		name: 'counter',
		arguments: '[start] [step]',
		help: 'Counts the messages of the request, for each client: 1, 2, 3 …',
		fresh: true,
		run: counter,
	},
	{
		name: 'randomFloat',
		arguments: 'min max [digits]',
		help: 'A random number from min to max, with 2 digits behind the point.',
		fresh: true,
		run: randomFloat,
	},
	{
		name: 'oneOf',
		arguments: 'value value …',
		help: 'One of these values at random.',
		fresh: true,
		run: oneOf,
	},
	{
		name: 'wave',
		arguments: 'min max period [digits]',
		help: 'A sine over time between min and max, for each client with its own phase.',
		fresh: true,
		run: wave,
	},
	{
		name: 'hmac',
		arguments: 'sha256|sha384|sha512|sha1 secretName [hex|base64]',
		help: 'Signs the body as it is sent with a secret. Only in the headers of a message.',
		fresh: true,
		ofBody: true,
		secretAt: 1,
		run: hmac,
	},
];
