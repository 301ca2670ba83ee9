// Bytes of all jars on the class path; docs/library.md promises the limit.
List jars = new File(basedir, 'target/classpath.txt').text.trim().split(File.pathSeparator).findAll { it.contains('senderauth') }
long bytes = jars.collect { new File(it).length() }.sum()
println "class path: $bytes bytes"
assert bytes < 250_000 : "$bytes bytes: $jars"
List lines = new File(basedir, 'target/output.txt').readLines('UTF-8').findAll { it ==~ /[245]\d\d .*/ }
assert lines.size() == 2
assert lines[0].startsWith('550 5.7.1 Bounce rejected')
assert lines[1].startsWith('250')
