import type { Values } from '../../../src/model/profile/field';
import { type SmallBroker, smallBroker } from '../../support/servers/small-broker';
import { resolved } from '../suite/attempt';

/** Runs `body` with a small broker and a function that makes profiles for it. */
export async function withBroker(
	answer: Parameters<typeof smallBroker>[0],
	body: (broker: SmallBroker, at: (values?: Values) => ReturnType<typeof resolved>) => Promise<void>,
): Promise<void> {
	const broker = await smallBroker(answer);
	try {
		await body(broker, (values) => resolved('mqtt', `mqtt://127.0.0.1:${broker.port}`, values));
	} finally {
		await broker.close();
	}
}
