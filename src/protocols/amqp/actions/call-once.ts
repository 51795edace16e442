import type { Connection } from '../wire/connection';
import type { Call } from '../wire/methods';

/** One call on a channel of its own. Returns the number that its answer begins with; 0 if it has none. Throws the refusal. */
export async function alone(connection: Connection, call: Call): Promise<number> {
	const channel = await connection.open({});
	try {
		const answer = await channel.call(call);
		return answer.left >= 4 ? answer.uint32() : 0;
	} finally {
		void channel.close();
	}
}
