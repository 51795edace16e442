import type { ProtocolDescription } from '../../src/protocols/description';

/** The description of the protocol of a recording: its messages, and nothing that needs the peer. */
export const recorded = (description: ProtocolDescription): ProtocolDescription => ({
	...description,
	...{ verbs: [], actions: [], subscription: undefined, browse: undefined, graph: undefined, retained: undefined },
});
