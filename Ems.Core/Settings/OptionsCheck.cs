using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Ems.Core.Settings;

/// <summary>Says of every value that is not allowed how its setting is written, what it is and what is allowed.</summary>
internal sealed class OptionsCheck<T>(IConfiguration configuration, string section) : IConfigureOptions<T>, IValidateOptions<T>
    where T : class
{
    private static readonly PropertyInfo[] Properties = [.. typeof(T).GetProperties().Where(property => property.CanWrite)];

    /// <exception cref="OptionsValidationException">A text is no value of its setting.</exception>
    public void Configure(T options)
    {
        var faults = Properties.Where(property => TextOf(property) is { } text && !CanRead(property, text))
            .Select(property => FaultOf(property, options))
            .ToList();
        if (faults.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(T), faults);
        }
    }

    public ValidateOptionsResult Validate(string? name, T options)
    {
        var faults = Properties.Where(property => !IsAllowed(property, options)).Select(property => FaultOf(property, options)).ToList();
        if (faults.Count == 0 && options is IValidatableObject whole)
        {
            faults.AddRange(whole.Validate(new ValidationContext(options)).Select(fault => fault.ErrorMessage!));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>As the binder reads it.</summary>
    private static bool CanRead(PropertyInfo property, string text)
    {
        var converter = TypeDescriptor.GetConverter(property.PropertyType);
        try
        {
            return !converter.CanConvertFrom(typeof(string)) || converter.ConvertFromInvariantString(text) is not null;
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static bool IsAllowed(PropertyInfo property, T options) =>
        property.GetCustomAttributes<ValidationAttribute>().All(rule => rule.IsValid(property.GetValue(options)));

    private string? TextOf(PropertyInfo property) => configuration[$"{section}:{property.Name}"];

    private string FaultOf(PropertyInfo property, T options)
    {
        var value = TextOf(property) ?? Convert.ToString(property.GetValue(options), CultureInfo.InvariantCulture);
        return $"{CheckedOptions.NameOf(section, property.Name)} is '{value}'; it must be {AllowedOf(property)}.";
    }

    private static string AllowedOf(PropertyInfo property)
    {
        var kind = property.PropertyType == typeof(bool) ? "true or false"
            : property.PropertyType == typeof(TimeSpan) ? "a time (d.hh:mm:ss)"
            : property.PropertyType == typeof(string) ? "text"
            : "a whole number";
        return property.GetCustomAttribute<RangeAttribute>() is { } range
            ? string.Create(CultureInfo.InvariantCulture, $"{kind} from {range.Minimum} to {range.Maximum}")
            : property.GetCustomAttribute<RegularExpressionAttribute>() is { } form ? $"{kind} of the form {form.Pattern}" : kind;
    }
}
