/** A module of another project. */
module org.example {
    requires org.senderauth.spf;
}
