import type { FileSupport } from '../../message-files';
import type { KafkaMode, KafkaVerb } from '../describe/ids';
import { resend, values } from './logged';

export const files: FileSupport<KafkaVerb, KafkaMode> = {
	words: [{ name: 'PRODUCE', action: 'send', help: 'Sends a record to a topic.', verb: 'produce' }],
	modes: { CONSUME: 'read' },
	noRequests: 'Kafka has no requests: use PRODUCE to send a record, and CONSUME to read the topic of the answers.',
	aliases: { from: ['Offset'], partitions: ['Partition'], limit: ['Count'] },
	values,
	received: ['offset'],
	resend,
	tools: {
		commands: [
			...['kcat', 'kafkacat', 'kafka-console-producer', 'kafka-console-producer.sh'],
			...['kafka-console-consumer', 'kafka-console-consumer.sh'],
		],
		load: async () => (await import('./tools')).tools,
	},
};
