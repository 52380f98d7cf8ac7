using Ems.AppHost.Local.Running;

namespace Ems.Tests.Unit;

public sealed class MongoAddressTests
{
    /// <summary>A user is known to the database that the server's own connection string means, not to that of the readings.</summary>
    [Theory]
    [InlineData("mongodb://host:27017", "mongodb://host:27017/ems")]
    [InlineData("mongodb://host:27017/?replicaSet=rs0", "mongodb://host:27017/ems?replicaSet=rs0")]
    [InlineData("mongodb://ann:pw@host", "mongodb://ann:pw@host/ems?authSource=admin")]
    [InlineData("mongodb://ann:pw@a,b,c/?replicaSet=rs0", "mongodb://ann:pw@a,b,c/ems?replicaSet=rs0&authSource=admin")]
    [InlineData("mongodb://ann:pw@host/people", "mongodb://ann:pw@host/ems?authSource=people")]
    [InlineData("mongodb://ann:pw@host/?authSource=people", "mongodb://ann:pw@host/ems?authSource=people")]
    [InlineData("mongodb://ann:pw@host/?authMechanism=SCRAM-SHA-256", "mongodb://ann:pw@host/ems?authMechanism=SCRAM-SHA-256&authSource=admin")]
    [InlineData("mongodb://key:secret@host/?authMechanism=MONGODB-AWS", "mongodb://key:secret@host/ems?authMechanism=MONGODB-AWS")]
    public void A_user_is_asked_for_where_it_was_before(string server, string expected) =>
        Assert.Equal(expected, MongoAddress.WithDatabase(server, "ems"));
}
