class Example {
    public static void main(String[] arguments) {
        System.out.println(org.senderauth.spf.SpfVerdict.PASS.text());
    }
}
