using System.ComponentModel.DataAnnotations;
using Ems.Core.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ems.Tests.Unit.Settings;

public sealed class CheckedOptionsTests
{
    [Theory]
    [InlineData("Count", "0", "Ems__Trial__Count is '0'; it must be a whole number from 1 to 10.")]
    [InlineData("Count", "many", "Ems__Trial__Count is 'many'; it must be a whole number from 1 to 10.")]
    [InlineData("Count", "70000", "Ems__Trial__Count is '70000'; it must be a whole number from 1 to 10.")]
    [InlineData("Count", "", "Ems__Trial__Count is ''; it must be a whole number from 1 to 10.")]
    [InlineData("Pause", "5 s", "Ems__Trial__Pause is '5 s'; it must be a time (d.hh:mm:ss) from 00:00:01 to 1.00:00:00.")]
    [InlineData("Pause", "00:00:00", "Ems__Trial__Pause is '00:00:00'; it must be a time (d.hh:mm:ss) from 00:00:01 to 1.00:00:00.")]
    [InlineData("Enabled", "yes", "Ems__Trial__Enabled is 'yes'; it must be true or false.")]
    [InlineData("Prefix", "A B", "Ems__Trial__Prefix is 'A B'; it must be text of the form ^[a-z]+$.")]
    public void A_value_that_is_not_allowed_is_named_with_its_setting_and_what_is_allowed(string property, string value, string fault)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Read((property, value)));

        Assert.Equal([fault], refused.Failures);
    }

    [Fact]
    public void All_faults_are_told_at_once_and_those_of_the_whole_when_there_are_no_others()
    {
        Assert.Equal(2, Assert.Throws<OptionsValidationException>(() => Read(("Count", "x"), ("Enabled", "yes"))).Failures.Count());
        Assert.Equal(2, Assert.Throws<OptionsValidationException>(() => Read(("Count", "0"), ("Prefix", "9"))).Failures.Count());
        Assert.Equal(["odd"], Assert.Throws<OptionsValidationException>(() => Read(("Count", "3"))).Failures);
    }

    [Fact]
    public void What_is_allowed_is_taken_and_the_rest_stays_as_it_is()
    {
        var options = Read(("Count", "4"), ("Pause", "00:00:30"), ("Enabled", "false"));

        Assert.Equal((4, TimeSpan.FromSeconds(30), false, "ems"), (options.Count, options.Pause, options.Enabled, options.Prefix));
    }

    private static TrialOptions Read(params (string Property, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>($"Ems:Trial:{setting.Property}", setting.Value)))
            .Build());
        services.AddCheckedOptions<TrialOptions>("Ems:Trial");
        services.AddCheckedOptions<TrialOptions>("Ems:Trial");
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<TrialOptions>>().Value;
    }

    private sealed class TrialOptions : IValidatableObject
    {
        [Range(1, 10)]
        public ushort Count { get; set; } = 2;

        [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
        public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(5);

        public bool Enabled { get; set; } = true;

        [Required]
        [RegularExpression("^[a-z]+$")]
        public string Prefix { get; set; } = "ems";

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Count % 2 == 0 ? [] : [new("odd")];
    }
}
