/** What a case expects. */
final class Check {

    private Check() {}

    static void expect(String start, String reply) {
        check("expected " + start + ", was: " + reply, reply.startsWith(start));
    }

    static void check(String problem, boolean good) {
        if (!good) {
            throw new IllegalStateException(problem);
        }
    }
}
