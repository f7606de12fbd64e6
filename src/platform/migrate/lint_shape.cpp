// Lint rules about names, comments and column types.
#include <array>

#include "platform/migrate/lint_rules.hpp"

namespace entrepot::migrate {
namespace {

constexpr std::array<LintRule, 5> rules = {{
    {"name", R"sql(
        select format('%s.%s', t.nspname, k.conname),
            format('constraint %s does not carry the name of its table %s', k.conname, t.name)
        from our_table t join pg_constraint k on k.conrelid = t.oid
        where not t.relispartition and k.conparentid = 0 and k.contype in ('c', 'f', 'p', 'u', 'x')
          and strpos(k.conname, t.relname) = 0
        union all
        select format('%s.%s', t.nspname, c.relname),
            format('index %s does not carry the name of its table %s', c.relname, t.name)
        from our_table t join pg_index i on i.indrelid = t.oid
            join pg_class c on c.oid = i.indexrelid
        where not t.relispartition and strpos(c.relname, t.relname) = 0
          and not exists (select from pg_constraint k where k.conindid = i.indexrelid
                          and k.conrelid = t.oid)
    )sql"},
    {"comment", R"sql(
        select name, format('table %s has no comment', name) from our_table where note = ''
        union all
        select format('%s.%s', t.name, a.attname),
            format('column %s of table %s has no comment', a.attname, t.name)
        from our_table t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0
        where not a.attisdropped and not t.relispartition
          and coalesce(col_description(t.oid, a.attnum), '') = ''
    )sql"},
    {"retention", R"sql(
        select name, format('the comment of table %s has no mark [retention: class] with one of '
            'operational, books, security, session, raw, config, pii, global', name)
        from our_table where note <> '' and note !~
            '\[retention: *(operational|books|security|session|raw|config|pii|global)\]'
    )sql"},
    {"column_type", R"sql(
        select format('%s.%s', r.name, a.attname),
            format('column %s of %s is of type %s', a.attname, r.name,
                   format_type(a.atttypid, a.atttypmod))
        from our_relation r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0
        where r.relkind in ('r', 'p', 'v', 'm', 'f', 'c') and not a.attisdropped
          and exists (select from base_type b where b.oid = a.atttypid and (
              b.base in ('float4'::regtype, 'float8'::regtype, 'timestamp'::regtype)
              or (b.base = 'bpchar'::regtype
                  and concat(r.relname, '.', a.attname) !~ '(currency|country)')))
    )sql"},
    {"narrow_identity", R"sql(
        select format('%s.%s', t.name, a.attname),
            format('column %s of table %s counts in %s: it runs out; use bigint', a.attname, t.name,
                   format_type(a.atttypid, a.atttypmod))
        from our_table t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0
        left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
        where not a.attisdropped and a.atttypid in ('int2'::regtype, 'int4'::regtype)
          and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')
    )sql"},
}};

}  // namespace

std::span<const LintRule> shape_rules() {
    return rules;
}

}  // namespace entrepot::migrate
