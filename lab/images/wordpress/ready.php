<?php
// For the health checks of name servers: whether this node can serve pages, which takes a database that takes queries. Galera refuses them in a
// region that is cut off from the majority; it still answers this one. The container's own health check does not ask: a restart would not help.
mysqli_report(MYSQLI_REPORT_OFF);
$database = mysqli_init();
$database->options(MYSQLI_OPT_CONNECT_TIMEOUT, 2);
$database->options(MYSQLI_OPT_READ_TIMEOUT, 2);
$password = trim((string) file_get_contents(getenv('WORDPRESS_DB_PASSWORD_FILE') ?: '/run/secrets/db-password'));
$answer = @$database->real_connect(getenv('WORDPRESS_DB_HOST') ?: 'localhost', getenv('WORDPRESS_DB_USER') ?: 'wordpress', $password)
    ? $database->query("SHOW STATUS LIKE 'wsrep_ready'") : false;
// A server without Galera has no such row.
$isReady = $answer !== false && ($answer->fetch_row()[1] ?? 'ON') === 'ON';
http_response_code($isReady ? 200 : 503);
echo $isReady ? 'ready' : 'the database does not take queries';
