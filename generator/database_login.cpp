// database.sql: what a new database needs before the application may use it.
#include <charconv>

#include "generator/data_stack.hpp"
#include "generator/deploy_files.hpp"

namespace shopsim::generator {

namespace {

constexpr std::string_view kLogin = R"SQL(-- Makes the application's login, once for each database;
-- `./deploy.sh database ENVIRONMENT` runs it as the owner. It may be run again. No password stands
-- here or anywhere: the login is IAM's.
\set ON_ERROR_STOP on
)SQL";

/// From PostgreSQL 16 on, whoever makes a role is a member of it (S-PG-CREATEROLE). A member of
/// rds_iam, directly or not, can log in with a token only (S-RDS-IAM-AUTH): the owner's password
/// would no longer do. So a role makes the login that is gone afterwards.
constexpr std::string_view kMakeAside = R"SQL(
-- Its maker would be a member of it, so of rds_iam, and could no longer log in with a password. So
-- the maker is a role that is dropped at once.
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '@USER@') AS is_new \gset
\if :is_new
  BEGIN;
  CREATE ROLE shop_maker CREATEROLE;
  GRANT shop_maker TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
  SET LOCAL ROLE shop_maker;
  CREATE ROLE @USER@ LOGIN;
  RESET ROLE;
  DROP ROLE shop_maker;
  COMMIT;
\endif
)SQL";

constexpr std::string_view kMake = R"SQL(
SELECT 'CREATE ROLE @USER@ LOGIN'
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '@USER@') \gexec
)SQL";

constexpr std::string_view kRights = R"SQL(GRANT rds_iam TO @USER@;

-- It connects to this database only, and owns what it makes there: its schemas and tables. It is no
-- owner of the database, makes no roles, and reads no other login's tables.
REVOKE ALL ON DATABASE shop FROM PUBLIC;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE shop TO @USER@;

CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
)SQL";

constexpr std::string_view kAudit = R"SQL(
-- The audit of changes (parameter pgaudit.role) wants this role; it has no rights.
SELECT 'CREATE ROLE rds_pgaudit'
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_pgaudit') \gexec
CREATE EXTENSION IF NOT EXISTS pgaudit;
)SQL";

constexpr int kCreatorIsMemberFrom = 16;

}  // namespace

std::string database_sql(const models::DatabaseConfig& database) {
  int major = 0;
  const std::string& version = database.engine_version;
  std::from_chars(version.data(), version.data() + version.size(), major);
  std::string sql(kLogin);
  sql += major >= kCreatorIsMemberFrom ? kMakeAside : kMake;
  sql += kRights;
  if (database.audit) sql += kAudit;
  constexpr std::string_view kPlace = "@USER@";
  for (std::size_t at = sql.find(kPlace); at != std::string::npos; at = sql.find(kPlace, at)) {
    sql.replace(at, kPlace.size(), kDatabaseUser);
  }
  return sql;
}

}  // namespace shopsim::generator
