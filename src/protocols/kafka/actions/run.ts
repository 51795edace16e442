import { fail } from '../../../base/failure';
import type { ActResult, Intent, Question } from '../../../model/contracts/browse';
import type { Act, Sink } from '../../adapter';
import type { Browsing } from '../browse/browse';
import type { Cluster } from '../cluster/cluster';
import type { KafkaAction } from '../describe/ids';
import { askChangeConfiguration, changeConfiguration, showConfiguration } from './configuration';
import type { Context, Input } from './context';
import { askDeleteRecords, deleteMessages } from './delete-records';
import { askDeleteGroup, askDeleteOffsets, deleteGroup, deleteOffsets } from './groups';
import { askProduceFile, produceFile } from './produce-file';
import { askResetOffsets, resetOffsets } from './reset-offsets';
import { addPartitions, askAddPartitions, askDeleteTopic, createTopic, deleteTopic } from './topics';

const actions: Record<KafkaAction, (context: Context, act: Act) => Promise<ActResult>> = {
	'create-topic': createTopic,
	'add-partitions': addPartitions,
	'show-configuration': showConfiguration,
	'change-configuration': changeConfiguration,
	'produce-file': produceFile,
	'delete-records': deleteMessages,
	'delete-topic': deleteTopic,
	'reset-offsets': resetOffsets,
	'delete-offsets': deleteOffsets,
	'delete-group': deleteGroup,
};

const questions: Partial<Record<KafkaAction, (context: Context, input: Input) => Promise<Question>>> = {
	'add-partitions': askAddPartitions,
	'change-configuration': askChangeConfiguration,
	'produce-file': askProduceFile,
	'delete-records': askDeleteRecords,
	'delete-topic': askDeleteTopic,
	'reset-offsets': askResetOffsets,
	'delete-offsets': askDeleteOffsets,
	'delete-group': askDeleteGroup,
};

export interface ActionOptions {
	cluster: Cluster;
	browsing: Browsing;
	sink: Pick<Sink, 'browseChanged'>;
}

/** Runs the actions of `describe/actions.ts`, and states the numbers before them. */
export function createActions({ cluster, browsing, sink }: ActionOptions) {
	const context: Context = { cluster, groups: browsing.groups };
	return {
		async act(act: Act): Promise<ActResult> {
			if (!Object.hasOwn(actions, act.action)) throw fail('no-action', 'This connection does not support that action.');
			// The tree may have read the group a moment ago: what is changed depends on its state now.
			browsing.forget();
			try {
				return await actions[act.action as KafkaAction](context, act);
			} finally {
				browsing.forget();
				sink.browseChanged();
			}
		},
		async ask(intent: Intent): Promise<Question | undefined> {
			if (intent.kind !== 'act') return undefined;
			const { action, node, values } = intent.request;
			const question = Object.hasOwn(questions, action) ? questions[action as KafkaAction] : undefined;
			if (question) browsing.forget();
			return question?.(context, { node, values });
		},
	};
}
