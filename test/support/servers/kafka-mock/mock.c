// A cluster of librdkafka's mock brokers. Prints its bootstrap servers, then reads commands, one a line, and answers each with
// one line. Requests are taken from the mock's debug log, since its API does not report them in this version.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/** "Name Name …" of the requests since the last command "calls". */
static char calls[1 << 20];
static size_t used;

/** Keeps the name of each request: "… Received FetchRequestV11 from …". */
static void note(const rd_kafka_t *client, int level, const char *facility, const char *text) {
	const char *at = strstr(text, "Received ");
	const char *end = at ? strstr(at, "RequestV") : NULL;
	(void)client, (void)level, (void)facility;
	if (!end) return;
	at += strlen("Received ");
	pthread_mutex_lock(&lock);
	if (used + (size_t)(end - at) + 2 < sizeof calls)
		used += (size_t)snprintf(calls + used, sizeof calls - used, "%.*s ", (int)(end - at), at);
	pthread_mutex_unlock(&lock);
}

int main(int count, char **values) {
	char error[512], line[1024], text[512];
	int a, b, c;
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_conf_set(conf, "debug", "mock", error, sizeof error);
	rd_kafka_conf_set_log_cb(conf, note);
	rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
	if (!client) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(client, count > 1 ? atoi(values[1]) : 1);
	printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
	fflush(stdout);
	while (fgets(line, sizeof line, stdin)) {
		int result = -1;
		if (sscanf(line, "topic %511s %d %d", text, &a, &b) == 3)
			result = rd_kafka_mock_topic_create(cluster, text, a, b);
		else if (sscanf(line, "topic-error %511s %d", text, &a) == 2)
			rd_kafka_mock_topic_set_error(cluster, text, a), result = 0;
		else if (sscanf(line, "leader %511s %d %d", text, &a, &b) == 3)
			result = rd_kafka_mock_partition_set_leader(cluster, text, a, b);
		else if (sscanf(line, "down %d", &a) == 1)
			result = rd_kafka_mock_broker_set_down(cluster, a);
		else if (sscanf(line, "up %d", &a) == 1)
			result = rd_kafka_mock_broker_set_up(cluster, a);
		else if (sscanf(line, "versions %d %d %d", &a, &b, &c) == 3)
			result = rd_kafka_mock_set_apiversion(cluster, a, b, c);
		else if (sscanf(line, "error %d %d", &a, &b) == 2)
			rd_kafka_mock_push_request_errors(cluster, a, 1, b), result = 0;
		else if (!strcmp(line, "calls\n")) {
			pthread_mutex_lock(&lock);
			printf("0 %s\n", calls);
			used = 0;
			calls[0] = 0;
			pthread_mutex_unlock(&lock);
			fflush(stdout);
			continue;
		}
		printf("%d\n", result);
		fflush(stdout);
	}
	rd_kafka_mock_cluster_destroy(cluster);
	rd_kafka_destroy(client);
	return 0;
}
