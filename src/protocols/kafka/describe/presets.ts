import type { Preset } from '../../description';

export const presets: readonly Preset[] = [
	{
		label: 'Kafka',
		help: 'A broker with its default settings needs no login; otherwise the administrator names the SASL mechanism and the user.',
		url: 'kafka://localhost:9092',
		words: 'apache',
	},
	{
		label: 'Confluent Cloud',
		help: 'Cluster Settings shows the bootstrap server; the user name is an API key of the cluster, and the password its secret.',
		url: 'kafka+ssl://YOUR-CLUSTER.YOUR-REGION.YOUR-PROVIDER.confluent.cloud:9092',
		values: { mechanism: 'PLAIN' },
	},
	{
		label: 'Redpanda',
		help: 'The quickstart’s brokers need no login, or in newer versions the user superuser with the password secretpassword (SCRAM-SHA-256).',
		url: 'kafka://localhost:19092',
		words: 'docker',
	},
	{
		label: 'Redpanda Cloud',
		help: 'The cluster’s overview shows the bootstrap server under Kafka API; users are created under Security with SCRAM-SHA-256.',
		url: 'kafka+ssl://YOUR-BOOTSTRAP-SERVER:9092',
		values: { mechanism: 'SCRAM-SHA-256' },
		words: 'serverless',
	},
];
