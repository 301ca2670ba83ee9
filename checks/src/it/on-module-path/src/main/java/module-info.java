/** A module of somebody else. */
module org.example {
    requires org.senderauth.spf;
}
