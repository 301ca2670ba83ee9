// The only errors are those of the lines that pass null; the call with a query is accepted.
List errors = new File(basedir, 'build.log').readLines('UTF-8').findAll { it.contains('ERROR') && it.contains('[NullAway]') }.unique()
List lines = errors.collect { (it =~ /PassesNull\.java:\[(\d+),/)[0][1] as int }.unique()
List source = new File(basedir, 'src/main/java/org/example/PassesNull.java').readLines('UTF-8')
List expected = (1..source.size()).findAll { source[it - 1].contains('(null)') }
assert lines == expected : "NullAway rejects the lines $lines, not $expected"
