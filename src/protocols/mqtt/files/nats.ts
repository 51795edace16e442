import { limitsOf, subcommandOf, writeNats } from '../../shared/commands/nats';
import type { Sketch } from '../../shared/commands/sketch';

/**
 * MQTT messages on a NATS server that accepts MQTT clients, as that server maps them (docs.nats.io, MQTT, "Topics and
 * subjects"). Undefined for a topic that no subject stands for.
 */
export const writeNatsForMqtt = (sketch: Sketch): string | undefined =>
	writeNats(sketch, {
		command: ['nats', subcommandOf(sketch)],
		receives: subscribes(sketch),
		server: serverOf(sketch.url ?? ''),
		subject: natsSubject(sketch.target, subscribes(sketch)),
		more: limitsOf(sketch),
		unsupported: ['qos', 'retain'],
	});

const subscribes = ({ verb }: Sketch) => verb === 'SUBSCRIBE';

/** The same host serves NATS, usually at this port. */
const serverOf = (url: string) => `nats://${/^[a-z]+:\/\/(\[[^\]]*\]|[^:/?#]*)/i.exec(url)?.[1] ?? 'localhost'}:4222`;

/** Each level is a token, "." in a level is "//", and an empty level is "/". White space cannot be expressed. */
function natsSubject(topic: string, filter: boolean): string | undefined {
	if (/[\s\0]/.test(topic) || (!filter && /[*>]/.test(topic))) return undefined;
	const token = (level: string) => (level === '' ? '/' : level.replaceAll('.', '//'));
	const wild = (level: string) => (level === '+' ? '*' : level === '#' ? '>' : undefined);
	return topic
		.split('/')
		.map((level) => (filter && wild(level)) || token(level))
		.join('.');
}
