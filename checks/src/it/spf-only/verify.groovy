// Bytes of all jars on the class path; docs/library.md promises the limit.
List jars = new File(basedir, 'target/classpath.txt').text.trim().split(File.pathSeparator).findAll { it.contains('.jar') }
long bytes = jars.collect { new File(it).length() }.sum()
println "class path: $bytes bytes"
assert bytes < 4_000_000 : "$bytes bytes: $jars"
List lines = new File(basedir, 'target/output.txt').readLines('UTF-8').findAll { !it.startsWith('SLF4J') }
assert lines.take(3) == ['PASS', 'FAIL', 'false']
assert lines[3].contains('com.ibm.icu:icu4j')
assert lines[4].contains('org.bouncycastle:bcprov-jdk18on')
