/** Words for the reason codes of MQTT 5 from 0x80 on (section 2.4). */
const words: Record<number, string> = {
	0: 'success',
	4: 'disconnected with will message',
	16: 'no matching subscribers',
	17: 'no subscription existed',
	128: 'no reason given',
	129: 'it could not read the packet (malformed packet)',
	130: 'protocol error',
	131: 'it does not accept this (implementation specific error)',
	132: 'it does not speak this MQTT version',
	133: 'it does not accept this client ID',
	134: 'wrong user name or password',
	135: 'not authorized',
	136: 'it is not available',
	137: 'it is busy',
	138: 'this client is banned',
	139: 'it is shutting down',
	140: 'it does not know the authentication method',
	141: 'it heard nothing for too long (keep alive timeout)',
	142: 'another client has connected with the same client ID (session taken over)',
	143: 'it does not accept this topic filter',
	144: 'it does not accept this topic',
	145: 'the packet identifier is in use',
	146: 'the packet identifier was not found',
	147: 'more messages were on the way than it allows (receive maximum exceeded)',
	148: 'it does not accept this topic alias',
	149: 'the packet is too large for it',
	150: 'the message rate is too high',
	151: 'a quota is exhausted',
	152: 'an administrator ended it',
	153: 'the payload is not in the format it claims',
	154: 'it keeps no retained messages',
	155: 'it does not support this QoS',
	156: 'use another server for now',
	157: 'the server has moved',
	158: 'it does not support shared subscriptions',
	159: 'too many connections in a short time',
	160: 'the longest time for a connection is over',
	161: 'it does not support subscription identifiers',
	162: 'it does not support wildcard subscriptions',
};

/** Reason codes of MQTT 5 with the meaning of the CONNACK return codes of MQTT 3.1.1 (3.2.2.3). */
const older: Record<number, number> = { 0: 0, 1: 132, 2: 133, 3: 136, 4: 134, 5: 135 };

/** Refusals that another attempt would get again. */
const finalAtConnect = new Set([132, 133, 134, 135, 138, 140, 144, 149, 153, 154, 155, 156, 157]);
const finalLater = new Set([135, 138, 142, 156, 157]);

export function reasonWords(code: number): string {
	return words[code] ?? `reason ${code}`;
}

export function ofConnack(code: number, isOlder: boolean): number {
	return isOlder ? (older[code] ?? code) : code;
}

export function isFinal(code: number, at: 'connect' | 'later'): boolean {
	return (at === 'connect' ? finalAtConnect : finalLater).has(code);
}
