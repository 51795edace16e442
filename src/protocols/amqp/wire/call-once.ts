import type { Call } from './channel';
import type { Connection } from './connection';

/** One request on a channel of its own. Throws the refusal. */
export async function callOnce<Answer>(connection: Connection, call: Call<Answer>): Promise<Answer> {
	const channel = await connection.open();
	try {
		return await channel.call(call);
	} finally {
		void channel.close();
	}
}
